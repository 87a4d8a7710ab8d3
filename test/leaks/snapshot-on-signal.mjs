// Preloaded into the worker by NODE_OPTIONS: on SIGUSR2 it writes its heap to the file that this module's address names.
// Node's own --heapsnapshot-signal cuts strings after 1024 characters and chooses the folder itself.
import { renameSync } from 'node:fs';
import v8 from 'node:v8';
import { isMainThread } from 'node:worker_threads';

const { searchParams } = new URL(import.meta.url);
const file = searchParams.get('file');

v8.setFlagsFromString('--heap-snapshot-string-limit=16777216');
// Something that must be found in the snapshot, or the search is worth nothing.
globalThis.plantedCanary = ['planted', searchParams.get('canary')].join('-');

if (isMainThread) {
  process.on('SIGUSR2', () => {
    // Renamed when whole, so that nobody reads half of it.
    renameSync(v8.writeHeapSnapshot(`${file}.part`), file);
  });
}
