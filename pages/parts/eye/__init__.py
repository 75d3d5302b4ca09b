"""The eye in the browser: the server's routes and the caches behind them."""
