"""Import this before langchain_core: a LangSmith variable would send every question to a tracing service.

LangChain reads the variables once, so they are set before it is imported, whatever the environment says.
"""

import os

for _name in ("LANGSMITH_TRACING", "LANGSMITH_TRACING_V2", "LANGCHAIN_TRACING", "LANGCHAIN_TRACING_V2"):
    os.environ[_name] = "false"
