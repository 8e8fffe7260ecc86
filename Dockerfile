# syntax=docker/dockerfile:1

# The environment, from the pinned and hashed files alone.
FROM python:3.13-slim AS environment
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /venv
COPY requirements.txt /
RUN /venv/bin/pip install --require-hashes --no-deps --only-binary :all: -r /requirements.txt

FROM python:3.13-slim
ENV PATH=/venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONTZPATH= \
    PYTHONUNBUFFERED=1 \
    STATIC_DIR=/srv/static
RUN groupadd --system --gid 10001 hifirst \
    && useradd --system --uid 10001 --gid hifirst --no-create-home --home-dir /srv hifirst
COPY --from=environment /venv /venv
WORKDIR /srv/app
COPY . .
# Nothing here is secret and nothing stays: collecting files needs settings, not real ones.
RUN SECRET_KEY=build VAULT_KEYS=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA= \
    BASE_URL=https://build.invalid DATABASE_URL=postgresql://build.invalid/build \
    REDIS_URL=redis://build.invalid python manage.py collectstatic --no-input
USER hifirst
EXPOSE 8000
CMD ["granian", "--interface", "wsgi", "config.wsgi:application"]
