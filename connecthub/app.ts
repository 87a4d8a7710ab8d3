import type { HubDatabase } from '../db/client.ts';
import type { RunTicket } from '../platform/auth/run-ticket.ts';
import type { Verifiers } from '../platform/http/access.ts';
import { createServer, type App } from '../platform/http/server.ts';
import type { Logger as PinoLogger } from 'pino';
import type { KeyServiceState } from '../platform/secrets/key-watch.ts';
import type { BlobClient } from '../platform/blobs/client.ts';
import type { SecretBox } from '../platform/secrets/secret-box.ts';
import type { CatalogueAnswers } from './catalogue/answers.ts';
import { auditRoutes } from './audit/routes.ts';
import { catalogueRoutes } from './catalogue/routes.ts';
import { connectionRoutes } from './connections/routes.ts';
import { healthRoutes } from './health/routes.ts';
import { auth0ConnectionRoute } from './connections/auth0-route.ts';
import { addConnectionRoute } from './connections/add-route.ts';
import { createDenialRecorder } from './http/denials.ts';
import { createBreakers, type Breakers } from './limits/breaker.ts';
import type { HubMetrics } from './metrics/hub-metrics.ts';
import { oauthRoutes } from './oauth/routes.ts';
import type { OutgoingClient } from '../platform/outgoing/client.ts';
import { mcpRoutes } from './mcp/routes.ts';
import { ownProviderRoutes } from './own-providers/routes.ts';
import type { Registry } from './providers/registry.ts';
import type { Evaluate } from './proxy/decide.ts';
import { proxyRoutes } from './proxy/routes.ts';
import { createRulesAtHand, type RulesAtHand } from './proxy/rules-at-hand.ts';
import { createStandingsAtHand, type StandingsAtHand } from './proxy/standings-at-hand.ts';
import type { UiLinks } from '../platform/temporal/web-ui.ts';
import { receiptRoutes } from './receipts/routes.ts';
import { rehearsalRoutes } from './rehearsal/routes.ts';
import type { ExchangeAtAuth0 } from './tokens/auth0.ts';
import type { Refresh } from './tokens/refresh.ts';
import { createTokens, type Tokens } from './tokens/tokens.ts';
import { hookRoutes } from './webhooks/hook-routes.ts';
import { createProofs, type Proofs } from './webhooks/proofs.ts';
import { webhookRoutes } from './webhooks/routes.ts';

export interface HubDeps {
  database: HubDatabase;
  logger: PinoLogger;
  verifiers: Verifiers;
  verifyTicket: (ticket: string) => Promise<RunTicket>;
  secretBox: SecretBox;
  refresh: Refresh;
  /** How the key service does, for `/health` and `/ready`. */
  keyState: () => Promise<KeyServiceState>;
  outgoing: OutgoingClient;
  /** Files, at Agent-Core. */
  blobs: BlobClient;
  /** Absent: this installation has no application at Auth0. */
  exchangeAtAuth0?: ExchangeAtAuth0 | undefined;
  /** Development: providers may be on this machine. */
  allowLoopback: boolean;
  registry: Registry;
  /** Conditions of policy rules. */
  evaluate: Evaluate;
  /** Our address as browsers and providers see it, without a path. */
  publicUrl: URL;
  /** Where people may be led when they have connected an account. */
  returnTo: readonly string[];
  /** How many days receipts are kept. */
  receiptRetentionDays: number;
  /** Signs list cursors. */
  cursorSecret: Buffer;
  ui: UiLinks;
  /** Id of this copy: in leases. */
  owner: string;
  /** Waivers in force, shown by `/health`. */
  waivers: string[];
  /** From `createDrain`; `/ready` says no when it does. */
  isStopping?: () => boolean;
  metrics: HubMetrics;
  catalogueAnswers: CatalogueAnswers;
  clock: () => Date;
  /** 0 to 1. */
  random: () => number;
}

/** What routes and jobs work with: what was handed in, and what is made of it once. */
export type HubParts = HubDeps & {
  tokens: Tokens;
  rules: RulesAtHand;
  standings: StandingsAtHand;
  breakers: Breakers;
  proofs: Proofs;
};

export function createParts(deps: HubDeps): HubParts {
  return {
    ...deps,
    tokens: createTokens(deps),
    rules: createRulesAtHand(),
    standings: createStandingsAtHand(),
    breakers: createBreakers(() => performance.now()),
    proofs: createProofs(deps),
  };
}

/** ConnectHub's HTTP side. Jobs (settling, the outbox) are `createHubJobs`. */
export async function createConnectHub(parts: HubParts): Promise<App> {
  const denials = createDenialRecorder(parts);
  const app = await createServer({
    title: 'ConnectHub',
    description: "Clancy's integration layer: uses an organisation's own accounts on behalf of its employees, each effect once.",
    version: '1',
    logger: parts.logger,
    verifiers: parts.verifiers,
    onDenied: (denial) => denials.ofRequest(denial),
    onServed: parts.metrics.onServed,
  });
  proxyRoutes(app, { ...parts, denials });
  receiptRoutes(app, parts);
  auditRoutes(app, parts);
  rehearsalRoutes(app, parts);
  await oauthRoutes(app, parts);
  connectionRoutes(app, parts);
  addConnectionRoute(app, parts);
  auth0ConnectionRoute(app, parts);
  ownProviderRoutes(app, parts);
  mcpRoutes(app, parts);
  catalogueRoutes(app, parts);
  healthRoutes(app, parts);
  await hookRoutes(app, parts);
  webhookRoutes(app, parts);
  return app;
}
