"""Where the rooms come together on one page: Today, Us, how safe it feels over time."""
