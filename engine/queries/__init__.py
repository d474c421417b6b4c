"""Every read, as frozen values; what a person may not see is not found."""
