import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'puppeteer-core';
import { textOf, untilShown } from './browser.ts';
import type { Shot } from './shots.ts';

const MAX_BYTES = 300 * 1024;

export interface Camera {
  /** Where people are signed in. */
  readonly page: Page;
  readonly url: string;
  /** The same Temporal without sign-in and codec. */
  readonly sealed: { readonly page: Page; readonly url: string };
  readonly namespace: string;
  /** Folder of the pictures. */
  readonly into: string;
}

/** Takes a picture of what an operator sees. @throws Error when the page does not show what the picture is to show. */
export async function take(camera: Camera, shot: Shot): Promise<void> {
  const { page, url } = shot.isSealed ? camera.sealed : camera;
  await open(page, `${url}/namespaces/${camera.namespace}/workflows`, shot);
  await untilShown(page, shot.shows);
  const shown = await textOf(page);
  const wrong = shot.hides?.find((text) => shown.includes(text));
  if (wrong !== undefined) throw new Error(`${page.url()} shows ${JSON.stringify(wrong)}`);
  if (shot.from !== undefined) await scrollTo(page, shot.from);
  const path = join(camera.into, shot.file);
  await page.screenshot({ path });
  const { size } = await stat(path);
  if (size > MAX_BYTES) throw new Error(`${shot.file} has ${size} bytes, and ${MAX_BYTES} is the limit`);
}

async function open(page: Page, workflows: string, { of }: Shot): Promise<void> {
  if ('query' in of) {
    await page.goto(`${workflows}?${new URLSearchParams({ query: of.query }).toString()}`);
    return;
  }
  // The link of the API: the Web UI finds the execution.
  await page.goto(`${workflows}/${encodeURIComponent(of.workflow)}`);
  await page.waitForFunction('/[0-9a-f-]{36}[/]timeline/.test(location.pathname)');
  if (of.tab !== 'timeline') await page.goto(page.url().replace(/timeline.*$/, of.tab));
}

/** Below the bar that stays at the top of every page. */
async function scrollTo(page: Page, { element, text }: NonNullable<Shot['from']>): Promise<void> {
  const isScrolled = await page.evaluate(`(() => {
    const found = [...document.querySelectorAll(${JSON.stringify(element)})].findLast((one) =>
      one.textContent.trim().startsWith(${JSON.stringify(text)}));
    if (found) found.style.scrollMarginTop = '5rem';
    found?.scrollIntoView({ behavior: 'instant' });
    return found !== undefined;
  })()`);
  if (isScrolled !== true) throw new Error(`${page.url()} has no ${element} that begins with ${text}`);
}
