"""Serve the chat page of ถามข่าว · Tham Khao with the shipped article."""

from assistant.page import serve

HOST = "127.0.0.1"
PORT = 7860

if __name__ == "__main__":
    serve(HOST, PORT)
