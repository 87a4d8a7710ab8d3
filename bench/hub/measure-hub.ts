import { request } from 'undici';
import type { CpuTimes } from '../cpu.ts';
import { inParallel } from '../in-parallel.ts';
import { spreadOf, type Spread } from '../statistics.ts';
import { measureLoad, type LoadFigures } from './measure-load.ts';
import type { Office } from './offices.ts';
import { createWays, type Ways } from './posts.ts';

export interface HubFigures {
  readonly proxy: ProxyFigures;
  /** Of calls straight at the provider, of calls through ConnectHub, and of its catalogue. */
  readonly loads: readonly LoadFigures[];
}

/** One message each way, one after the other and in turns, so that whatever slows the machine down slows both. */
export interface ProxyFigures {
  readonly pairs: number;
  readonly direct: Spread;
  readonly proxy: Spread;
  /** Difference of the medians. */
  readonly added_ms: number;
}

export interface HubDeps {
  readonly offices: readonly Office[];
  readonly connecthubUrl: string;
  readonly sandboxUrl: string;
  readonly readCpu: () => Promise<CpuTimes | undefined>;
  readonly nextText: () => string;
  /** Of each way at each load. */
  readonly calls: number;
}

const AT_A_TIME = [8, 32];
/** Fills caches and pools, and lets the compilers of all processes see what is hot. */
const WARM_UP_CALLS = 1_000;

/** What ConnectHub costs: its calls beside the same calls straight at the provider, and its catalogue. */
export async function measureHub(deps: HubDeps): Promise<HubFigures> {
  const { offices, calls, readCpu } = deps;
  const ways = createWays(deps);
  const officeOf = (index: number): Office => offices[index % offices.length]!;
  await inParallel(WARM_UP_CALLS, 16, async (index) => {
    await ways.proxy(officeOf(index));
    await ways.direct(officeOf(index));
  });
  const proxy = await measurePairs(ways, officeOf, calls);
  const loads: LoadFigures[] = [];
  for (const atATime of AT_A_TIME) {
    for (const [what, way] of Object.entries(ways)) {
      const ask = (index: number): Promise<number> => way(officeOf(index));
      loads.push(await measureLoad(readCpu, { what, atATime, requests: calls, ask }));
    }
  }
  return { proxy, loads: [...loads, ...(await measureCatalogue(deps))] };
}

async function measurePairs(ways: Ways, officeOf: (index: number) => Office, pairs: number): Promise<ProxyFigures> {
  const directMs: number[] = [];
  const proxyMs: number[] = [];
  for (let pair = 0; pair < pairs; pair += 1) {
    const office = officeOf(pair);
    const both = [async () => directMs.push(await ways.direct(office)), async () => proxyMs.push(await ways.proxy(office))];
    for (const way of pair % 2 === 0 ? both : both.toReversed()) await way();
  }
  const [direct, proxy] = [spreadOf(directMs), spreadOf(proxyMs)];
  return { pairs, direct, proxy, added_ms: proxy.p50_ms - direct.p50_ms };
}

async function measureCatalogue({ offices, connecthubUrl, readCpu, calls }: HubDeps): Promise<LoadFigures[]> {
  const askers = await Promise.all(offices.map(async (office) => ({ authorization: `Bearer ${await office.personToken()}` })));
  const ask = async (index: number, more: object = {}): Promise<number> => {
    const beganMs = performance.now();
    const answer = await request(`${connecthubUrl}/capabilities`, { headers: { ...askers[index % askers.length], ...more } });
    const text = await answer.body.text();
    if (answer.statusCode >= 400) throw new Error(`the catalogue answered ${answer.statusCode}: ${text.slice(0, 500)}`);
    return performance.now() - beganMs;
  };
  await inParallel(WARM_UP_CALLS, 16, (index) => ask(index));
  return [
    await measureLoad(readCpu, { what: 'catalogue', atATime: 1, requests: calls, ask }),
    await measureLoad(readCpu, { what: 'catalogue', atATime: 32, requests: calls * 2, ask }),
  ];
}
