import type { Child } from '../../../dev/processes/spawn-child.ts';
import type { Environment } from '../../../dev/stack/environment.ts';
import { startCopy, type Copy } from '../staging.ts';
import type { Topology } from '../topology.ts';
import { startBalancer, type Balancer } from './balancer.ts';

type Service = 'api' | 'connecthub';

/** The installation with balancers, through which our own processes reach each other too. */
export interface Ground {
  readonly balancers: { readonly [service in Service]: Balancer };
  /** The copy of each service that is there from the start to the end. */
  readonly lasting: { readonly [service in Service]: string };
  /** The only one until another is started. */
  readonly worker: Child;
  /** One more copy of a process, as an installation starts it. */
  start(name: Service | 'worker'): Promise<Copy>;
  close(): Promise<void>;
}

/** Replaces the installation's worker by one that knows the balancers. */
export async function openGround({ world, release }: Topology): Promise<Ground> {
  const { urls, processes } = world.stack;
  const balancers = { api: await startBalancer(), connecthub: await startBalancer() };
  await balancers.api.use([urls.api]);
  await balancers.connecthub.use([urls.connecthub]);
  const { api, connecthub } = balancers;
  const environment: Environment = { AGENT_CORE_URL: api.url, CONNECTHUB_URL: connecthub.url, DRAIN_MS: '' };
  const children: Child[] = [];
  const start = async (name: Service | 'worker'): Promise<Copy> => {
    const copy = await startCopy(world, release, name, environment);
    children.push(copy.child);
    return copy;
  };
  const { child: worker } = await start('worker');
  await processes.worker.stop();
  return {
    balancers,
    worker,
    lasting: { api: urls.api, connecthub: urls.connecthub },
    start,
    close: async () => {
      await processes.worker.restart();
      for (const child of children) await child.stop();
      await api.close();
      await connecthub.close();
    },
  };
}
