import type { FastifyInstance } from 'fastify';

/** What the server asks of each provider it hosts. */
export interface SandboxProvider {
  /** Methods that faults and barriers may name. */
  methods: ReadonlySet<string>;
  hasTeam(team: string): boolean;
  /** The provider's own surface, under its prefix. */
  routes(app: FastifyInstance): void;
  /** Controls that only this provider has, under `/_sandbox`. */
  controls(app: FastifyInstance): void;
}
