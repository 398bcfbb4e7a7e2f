"""Rows become a dataset: cohorts, targets, histories, splits. The only floor that may look past a cutoff."""
