"""Room 3: validated options.

Frozen pydantic models, snake_case in Python and camelCase by alias, so that a TypeScript options object validates
as it is. Validated once, at construction; a request never touches pydantic.
"""
