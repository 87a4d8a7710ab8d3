import type { Resource } from '../resource.ts';
import { addConnection } from './add.ts';
import { connectProvider } from './connect.ts';
import { listConnections } from './list.ts';
import { receiveOnConnection } from './receive.ts';
import { removeConnection } from './remove.ts';

export const connectionsResource: Resource = {
  name: 'connections',
  summary: "connect your organisation's accounts at providers",
  verbs: [listConnections, connectProvider, addConnection, receiveOnConnection, removeConnection],
};
