/** Where the demo writes to; plain text, so that it reads the same in a log. */
export interface Terminal {
  heading(text: string): void;
  line(text?: string): void;
}

export function createTerminal(write: (text: string) => void): Terminal {
  return {
    heading: (text) => write(`\n== ${text}\n`),
    line: (text = '') => write(`${text}\n`),
  };
}
