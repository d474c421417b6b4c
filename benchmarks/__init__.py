"""What Alur costs, measured against baselines in one run. Nothing here is imported by the application."""
