"""Tham Khao."""
