#!/usr/bin/env node
// Node 20 runs no TypeScript by itself: the loader first, then the command.
import { register } from 'tsx/esm/api';

register();
await import('./clancy.ts');
