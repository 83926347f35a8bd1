"""Operations of the organization plugin, by what they are about. Source: contract, endpoints.json ``organization``."""
