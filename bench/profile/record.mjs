import { writeFileSync } from 'node:fs';
import { Session } from 'node:inspector';
import { fileURLToPath } from 'node:url';
import { threadId } from 'node:worker_threads';

// Preloaded into every thread of a process (NODE_OPTIONS; Node 20 takes no --cpu-prof there): writes CPU profiles into the
// folder that its own address names as `dir`. Piece by piece, since a thread that is ended hears nothing of it.

const PIECE_MS = 10_000;

const dir = new URL(import.meta.url).searchParams.get('dir') ?? fileURLToPath(new URL('.', import.meta.url));
const session = new Session();
session.connect();
session.post('Profiler.enable');
session.post('Profiler.start');

let pieces = 0;

/** The session answers before `post` returns. */
function writePiece() {
  session.post('Profiler.stop', (error, answer) => {
    if (error) throw error;
    pieces += 1;
    writeFileSync(`${dir}/${process.pid}-${threadId}-${pieces}.cpuprofile`, JSON.stringify(answer.profile));
  });
}

setInterval(() => {
  writePiece();
  session.post('Profiler.start');
}, PIECE_MS).unref();
process.on('exit', writePiece);
