"""What came of forecasts: the posts of drafts, outcomes once they are final, and how good the forecasts were."""
