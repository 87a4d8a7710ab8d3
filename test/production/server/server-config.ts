export interface ServerPorts {
  readonly frontend: number;
  /** Two for each of the four roles, and one for its HTTP API. */
  readonly others: readonly number[];
}

/** What the image's own template makes of the variables in docker-compose.temporal.yml, on the loopback address. */
export function serverConfig(options: { ports: ServerPorts; database: URL; dynamicConfig: string }): object {
  const { ports, database, dynamicConfig } = options;
  const next = ports.others.values();
  const port = (): number => next.next().value ?? 0;
  const role = (grpcPort: number) => ({ rpc: { grpcPort, membershipPort: port(), bindOnLocalHost: true } });
  const store = (databaseName: string) => ({
    sql: {
      pluginName: 'postgres12',
      databaseName,
      connectAddr: database.host,
      connectProtocol: 'tcp',
      user: database.username,
      password: database.password,
      maxConns: 20,
      maxIdleConns: 20,
      maxConnLifetime: '1h',
    },
  });
  return {
    log: { stdout: true, level: 'warn' },
    persistence: {
      defaultStore: 'default',
      visibilityStore: 'visibility',
      numHistoryShards: 4,
      datastores: { default: store('temporal'), visibility: store('temporal_visibility') },
    },
    global: { membership: { maxJoinDuration: '30s', broadcastAddress: '127.0.0.1' } },
    services: { frontend: role(ports.frontend), matching: role(port()), history: role(port()), worker: role(port()) },
    clusterMetadata: {
      enableGlobalNamespace: false,
      failoverVersionIncrement: 10,
      masterClusterName: 'active',
      currentClusterName: 'active',
      clusterInformation: {
        active: { enabled: true, initialFailoverVersion: 1, rpcName: 'frontend', rpcAddress: `127.0.0.1:${ports.frontend}` },
      },
    },
    dcRedirectionPolicy: { policy: 'noop' },
    dynamicConfigClient: { filepath: dynamicConfig, pollInterval: '60s' },
  };
}
