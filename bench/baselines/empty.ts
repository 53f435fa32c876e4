import { Type } from '@fastify/type-provider-typebox'
import { readConfig } from '../../chassis/config.ts'
import { createLog } from '../../chassis/log.ts'
import { createServer } from '../../chassis/server.ts'

const Config = Type.Object({ LISTEN_ADDRESS: Type.String(), PORT: Type.Integer() })

/** What a route costs that does nothing: our server takes the body and says so. */
const config = readConfig(Config, process.env)
const app = createServer(createLog('empty', 'warn'))
app.put('/sales/:orderId', async () => ({}))
process.on('disconnect', () => process.exit(0))
await app.listen({ host: config.LISTEN_ADDRESS, port: config.PORT })
