# The hub in a container: docker build -t motehub . && docker run -p 1883:1883 -p 8080:8080 -v motehub:/data motehub
FROM node:22-bookworm-slim AS build
WORKDIR /motehub
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts
COPY . .
RUN npx tsc -b hosts/hub && npm prune --omit=dev --ignore-scripts

FROM node:22-bookworm-slim
ENV NODE_ENV=production
WORKDIR /motehub
COPY --from=build /motehub/package.json ./
COPY --from=build /motehub/node_modules node_modules
COPY --from=build /motehub/dist dist
RUN install -d -o node -g node -m 0700 /data
USER node
VOLUME /data
EXPOSE 1883 8080
HEALTHCHECK CMD ["node", "-e", "fetch('http://127.0.0.1:8080/health').then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "dist/hosts/hub/main.js", "--data", "/data"]
# In place of this: --config /data/motehub.yaml
CMD ["--host", "0.0.0.0"]
