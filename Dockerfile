# One image for Agent-Core, the worker, ConnectHub, the migration and the deploy step: compose says which it is.
ARG NODE_IMAGE=node:24-bookworm-slim

FROM ${NODE_IMAGE} AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts
COPY . .
RUN npm run build

FROM ${NODE_IMAGE} AS dependencies
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --ignore-scripts

FROM ${NODE_IMAGE} AS runtime
ENV NODE_ENV=production
WORKDIR /app
COPY package.json ./
COPY --from=dependencies /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
# A new volume takes over whose folder it covers.
RUN mkdir -p /var/lib/clancy/blobs && chown -R node:node /var/lib/clancy
# Owned by root and read by this user: a process cannot change its own code.
USER node
STOPSIGNAL SIGTERM
CMD ["node", "--enable-source-maps", "dist/bin/api.js"]
