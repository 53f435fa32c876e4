import { Type } from 'typebox'

export const Config = Type.Object({
  LOG_LEVEL: Type.String({ default: 'info' }),
  STOP_MS_MAX: Type.Integer({ default: 5_000 }),
  LISTEN_ADDRESS: Type.String({ description: 'An address of its own, so that instances live side by side.' }),
  PORT: Type.Integer({ default: 3000 }),
  CATALOGUE_NODES: Type.String({
    pattern: '^postgres(ql)?://',
    description: 'Every node, with commas between; a standby is read, any node will do.'
  }),
  ORCHESTRATOR_URLS: Type.String({ pattern: '^https?://', description: 'Every instance, with commas between.' }),
  PORTAL_TO_ORCHESTRATOR_TOKEN: Type.String({ minLength: 16 }),
  PUBLIC_URL: Type.String({ pattern: '^https?://[^/]+$', description: 'Where buyers find the shop; no slash at its end.' }),
  COOKIE_SECRET: Type.String({ minLength: 16, description: 'Signs what a browser keeps; the same on every instance.' })
})
