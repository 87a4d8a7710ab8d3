import type { Rewrapped } from '../../platform/secrets/rewrap.ts';
import type { Rotated, RotateProgress } from '../../platform/secrets/rotate-org.ts';

export interface KeysInUse {
  /** Data keys by the key encryption key that wraps them. */
  readonly keks: readonly {
    readonly kek: string;
    readonly keys: number;
    readonly isConfigured: boolean;
    readonly wraps: boolean;
  }[];
}

export interface OrgKeys {
  readonly keys: readonly {
    readonly kid: string;
    readonly kek: string;
    readonly state: 'in use' | 'before' | 'retired';
    /** Sealed texts that name it. */
    readonly rows: number;
  }[];
}

/** What the process of a service can do with its data keys; made by `bin/` of that service's own environment. */
export interface KeyAdmin {
  readonly service: 'Agent-Core' | 'ConnectHub';
  status(): Promise<KeysInUse>;
  statusOf(orgId: string): Promise<OrgKeys>;
  rewrap(onProgress: (keys: number) => void): Promise<Rewrapped>;
  rotate(orgId: string, onProgress: (progress: RotateProgress) => void): Promise<Rotated>;
  shred(orgId: string): Promise<{ keys: number; connections: number }>;
  close(): Promise<void>;
}
