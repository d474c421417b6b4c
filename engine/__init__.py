"""The engine: cases that execute, are recorded and can be proven. No Flask, no HTML."""
