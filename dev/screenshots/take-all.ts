import { mkdir } from 'node:fs/promises';
import { Client, Connection } from '@temporalio/client';
import type { Page } from 'puppeteer-core';
import { freePort } from '../processes/free-port.ts';
import type { Progress } from '../progress.ts';
import type { Stack } from '../stack/start-stack.ts';
import { createStopper } from '../stack/stopper.ts';
import { withStack } from '../stack/with-stack.ts';
import { getUi } from '../temporal-ui/get-ui.ts';
import { startUi, type TemporalUi } from '../temporal-ui/start-ui.ts';
import { openTlsDoor } from '../temporal-ui/tls-door.ts';
import { openBrowser, openPage, signIn } from './browser.ts';
import { OPERATORS, setScene, type Scene } from './scene.ts';
import { shotsOf } from './shots.ts';
import { take } from './take.ts';

export interface ScreenshotOptions {
  /** Folder of the stack. */
  readonly dir: string;
  readonly into: string;
  readonly chromium: string;
  readonly env: { readonly [variable: string]: string | undefined };
  readonly log: Progress;
  readonly onError: (message: string) => void;
}

const OPERATOR = { user_id: 'user_nora', org_id: OPERATORS, role: 'auditor' };

/** Columns as an operator adds them with the list's own button. */
const COLUMNS = ['Status', 'RunStatus', 'Workflow ID', 'WaitingOn'];

/** Never the parts that the caller's environment names: this hires and runs. */
const REAL_PARTS = ['DATABASE_URL', 'TEMPORAL_ADDRESS', 'TEMPORAL_NAMESPACE', 'TEMPORAL_UI_URL'];

/** @returns the exit code, as `withStack` does. */
export async function takeScreenshots(options: ScreenshotOptions): Promise<number> {
  const { dir, log, onError } = options;
  const files = await getUi(options.env);
  const [port, sealedPort, doorPort] = [await freePort(), await freePort(), await freePort()];
  const env = { ...options.env, PAYLOAD_ENCRYPTION: 'on', ...Object.fromEntries(REAL_PARTS.map((name) => [name, undefined])) };
  const links = { TEMPORAL_UI_URL: `http://127.0.0.1:${port}` };
  const extra = { api: { ...links, PLATFORM_OPERATOR_ORG: OPERATORS }, connecthub: links };
  return withStack({ dir, env, extra, log, onError }, async (stack) => {
    const stopper = createStopper();
    try {
      const door = stopper.add(await openTlsDoor({ port: doorPort, to: stack.urls.api }));
      const common = { dir, files, temporal: stack.temporal, log };
      const signedIn = { ...stack.issuers.signIn, codecUrl: `${door.url}/codec` };
      const ui = stopper.add(await startUi({ ...common, port, signIn: signedIn }));
      const sealed = stopper.add(await startUi({ ...common, port: sealedPort }));
      const scene = await setScene(stack);
      log({ what: 'The runs are where they are to be seen', state: 'done' });
      await photograph(options, { stack, scene, ui, sealed });
    } finally {
      await stopper.stopAll();
    }
  });
}

type Studio = { stack: Stack; scene: Scene; ui: TemporalUi; sealed: TemporalUi };

async function photograph({ into, chromium, log }: ScreenshotOptions, { stack, scene, ui, sealed }: Studio): Promise<void> {
  await mkdir(into, { recursive: true });
  const browser = await openBrowser(chromium);
  try {
    const { namespace } = stack.temporal;
    const [page, sealedPage] = [await openPage(browser), await openPage(browser)];
    await addColumns(page, namespace);
    await signIn(page, ui.url, OPERATOR);
    const camera = { page, url: ui.url, sealed: { page: sealedPage, url: sealed.url }, namespace, into };
    for (const shot of shotsOf(scene, await firstCall(stack, scene))) {
      await take(camera, shot);
      log({ what: `Took ${shot.file}`, state: 'done' });
    }
  } finally {
    await browser.close();
  }
}

/** With the navigation folded away, so that there is room for them. */
async function addColumns(page: Page, namespace: string): Promise<void> {
  const columns = JSON.stringify({ [namespace]: COLUMNS.map((label) => ({ label })) });
  await page.evaluateOnNewDocument(`localStorage.setItem('namespace-workflow-table-columns', ${JSON.stringify(columns)})`);
  await page.evaluateOnNewDocument(`localStorage.setItem('navOpen', 'false')`);
}

/** The number of the event in which the reminding skill asks for its first email. */
async function firstCall({ temporal }: Stack, scene: Scene): Promise<number> {
  const connection = await Connection.connect({ address: temporal.address });
  try {
    const { workflow } = new Client({ connection, namespace: temporal.namespace });
    const { events } = await workflow.getHandle(`${scene.completed}:skill:remind_customers`).fetchHistory();
    const call = events?.find((event) => event.activityTaskScheduledEventAttributes?.activityType?.name === 'callCapability');
    if (!call) throw new Error('the skill made no call');
    return Number(call.eventId);
  } finally {
    await connection.close();
  }
}
