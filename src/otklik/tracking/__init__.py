"""Following authors and posts: passes of the collectors, their plan and health, and how long their data is kept."""
