"""The shell in which people and programs meet the service: pages, command line, worker, exports."""
