import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { launch, type Browser, type Page } from 'puppeteer-core';
import { waitUntil } from '../processes/wait-until.ts';

const NAMES = ['chromium', 'chromium-browser'];
/** One picture's width stands in a README as it is. */
const VIEWPORT = { width: 1400, height: 900, deviceScaleFactor: 1 };
const PATIENCE_MS = 120_000;
const LOADS = 4;

/** Debian's browser, from the PATH; none is ever downloaded. @throws Error that says how to get it. */
export async function findChromium(path: string): Promise<string> {
  for (const folder of path.split(delimiter).filter((entry) => entry !== '')) {
    for (const name of NAMES) {
      const program = join(folder, name);
      if (await isProgram(program)) return program;
    }
  }
  throw new Error('There is no chromium on the PATH. On Debian: apt-get install chromium');
}

function isProgram(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}

/** The certificate of our own door has no signature of anybody's. Chromium refuses its sandbox to root. */
export async function openBrowser(executablePath: string): Promise<Browser> {
  return launch({
    executablePath,
    defaultViewport: VIEWPORT,
    acceptInsecureCerts: true,
    args: ['--lang=en-GB', ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])],
  });
}

/** A page with the light theme, in a session of its own: nobody is signed in. */
export async function openPage(browser: Browser): Promise<Page> {
  const context = await browser.createBrowserContext();
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  await page.emulateTimezone('UTC');
  await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: 'light' }]);
  return page;
}

/** Frames too: the Web UI shows Markdown in one of its own. */
export async function textOf(page: Page): Promise<string> {
  const texts = page.frames().map((frame) => frame.evaluate('document.body?.innerText ?? ""').catch(() => ''));
  return (await Promise.all(texts)).join('\n');
}

/**
 * Waits for texts on the page, and loads it anew when they do not come: its requests to the codec server are given up early.
 * @throws Error with the page's text, when one of the texts has not come in time.
 */
export async function untilShown(page: Page, texts: readonly string[]): Promise<void> {
  let missing: readonly string[] = texts;
  let shown = '';
  const isComplete = async (): Promise<boolean> => {
    shown = await textOf(page);
    missing = texts.filter((text) => !shown.includes(text));
    return missing.length === 0;
  };
  for (let load = 1; load <= LOADS; load++) {
    const isShown = await waitUntil(isComplete, { timeoutMs: PATIENCE_MS / LOADS, everyMs: 250, what: page.url() }).catch(
      () => false,
    );
    if (isShown) return;
    await page.reload();
  }
  throw new Error(`${page.url()} does not show ${JSON.stringify(missing)}, but:\n${shown.slice(0, 3_000)}`);
}

/** As a person signs in: the Web UI's button, the issuer's form. */
export async function signIn(page: Page, url: string, person: Readonly<Record<string, string>>): Promise<void> {
  await page.goto(url);
  await page.locator('button ::-p-text(Continue to SSO)').click();
  for (const [field, value] of Object.entries(person)) await page.locator(`input[name=${field}]`).fill(value);
  await page.locator('form button').click();
  await untilShown(page, ['Workflows', 'Namespaces']);
}
