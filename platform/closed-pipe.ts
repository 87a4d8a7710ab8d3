/** Ends the process quietly when its reader has seen enough (`clancy runs list | head -1`). */
export function exitWhenNobodyReads(stream: NodeJS.WriteStream): void {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    throw error;
  });
}
