"""Values told as pages and fragments of pages; never sees a model or a store."""
