"""From evidence to what people read: the summary, and the reports made from it."""
