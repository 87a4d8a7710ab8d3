import type { FastifyInstance } from 'fastify';
import type { ClientCredentials } from './client-auth.ts';
import type { Machinery } from './machinery.ts';
import type { WebhookSender } from './webhooks.ts';

/**
 * What the server asks of each provider it hosts. A "team" is an account at the provider: a Slack workspace, a QuickBooks
 * company, a mailbox. Team ids of different providers differ.
 */
export interface SandboxProvider {
  /** Methods that faults and barriers may name. */
  methods: ReadonlySet<string>;
  hasTeam(team: string): boolean;
  /** Makes a seeded account that nobody else uses; gives its id. */
  createTeam(): string;
  /** The provider's own surface, under `/{provider}`. Bodies arrive as text: the provider reads them itself. */
  routes(app: FastifyInstance): void;
  /** Controls that only this provider has, under `/_sandbox/{provider}`. */
  controls(app: FastifyInstance): void;
  /** How it tells the application what happened; absent: it does not. */
  webhooks?: WebhookSender;
}

/** Makes a provider for the application's client at it. */
export type CreateProvider = (machinery: Machinery, client: ClientCredentials) => SandboxProvider;
