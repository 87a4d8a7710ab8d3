// Preloaded into the worker by NODE_OPTIONS, in each of its threads: on SIGUSR2 every thread writes its heap beside the file
// that this module's address names. Workflows live in a thread of their own, which node's --heapsnapshot-signal leaves out;
// it also cuts strings after 1024 characters.
import { renameSync } from 'node:fs';
import v8 from 'node:v8';
import { BroadcastChannel, isMainThread, threadId } from 'node:worker_threads';

const { searchParams } = new URL(import.meta.url);
const file = `${searchParams.get('file')}.${threadId}`;

v8.setFlagsFromString('--heap-snapshot-string-limit=16777216');
// Something that must be found in the snapshot, or the search is worth nothing.
globalThis.plantedCanary = ['planted', searchParams.get('canary')].join('-');

function writeSnapshot() {
  // Renamed when whole, so that nobody reads half of it.
  renameSync(v8.writeHeapSnapshot(`${file}.part`), `${file}.heapsnapshot`);
}

const signals = new BroadcastChannel('heap-snapshot');
signals.unref();
if (isMainThread) {
  process.on('SIGUSR2', () => {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a channel between threads has no origin
    signals.postMessage('now');
    writeSnapshot();
  });
} else {
  signals.addEventListener('message', writeSnapshot);
}
