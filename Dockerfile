# Build: docker build -t iot-mock-service .
# Only /data is written to; so with a read-only root, without capabilities (docs/how-to/security.md):
#   docker run --read-only --cap-drop ALL --security-opt no-new-privileges -v iotmock:/data \
#     -p 127.0.0.1:8090:8090 iot-mock-service
FROM python:3.11-slim AS build
WORKDIR /src
COPY CHANGELOG.md LICENSE README.md constraints.txt pyproject.toml ./
COPY page page
COPY iotmock iotmock
# What the page needs comes from npm's registry, unless it is in iotmock/web/vendor or not wanted:
#   --build-arg IOTMOCK_NO_WEB=1
ARG IOTMOCK_NO_WEB=
# pip is not needed to run.
RUN python -m venv /opt/iotmock \
    && /opt/iotmock/bin/pip install --no-cache-dir -c constraints.txt . \
    && /opt/iotmock/bin/pip uninstall --yes pip

FROM python:3.11-slim
RUN rm -rf /usr/local/lib/python3.11/site-packages/* /usr/local/bin/pip* \
    && useradd --create-home --uid 10001 iotmock && install -d -o iotmock /data
COPY --from=build /opt/iotmock /opt/iotmock
ENV PATH=/opt/iotmock/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    STATE_FILE=/data/iotmock.db \
    MQTT_EMBEDDED_BROKER=off
# A number, by which Kubernetes can tell that it is not root.
USER 10001
WORKDIR /home/iotmock
VOLUME /data
EXPOSE 8090
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s \
    CMD ["python", "-c", "import os, urllib.request as r; r.urlopen(f\"http://127.0.0.1:{os.environ.get('PORT', '8090')}/readyz\", timeout=2)"]
ENTRYPOINT ["iotmock"]
CMD ["serve"]
