"""Workbooks of campaigns and walks, an area a module."""
