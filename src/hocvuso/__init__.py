"""Học Vụ Số: the digital literacy movement, carried by one system."""
