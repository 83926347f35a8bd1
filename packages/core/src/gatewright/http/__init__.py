"""Room 2: the sans-IO edge of HTTP.

Requests, responses, headers, cookies, origins and addresses as pure functions over values. Imports only room 0.
"""
