import { type Instance, type PostgresRole, SHOP_INSTANCE } from './instance.ts'
import type { Kind } from './rules.ts'
import { type Component, type Ground, publicUrl } from './topology.ts'

/** Tells other commands what they may know about an instance. */
export function describe({ instance, directory, secrets }: Ground, components: Component[]): Instance {
  const addressOf = (name: string) => components.find((component) => component.name === name)!.address
  const urlOf = ({ address, port }: Component) => `http://${address}:${port}`
  const urlsOf = (kind: Kind) => components.filter((component) => component.kind === kind).map(urlOf)
  const hosts = components
    .filter(({ kind }) => kind === 'postgres')
    .map(({ address, port }) => `${address}:${port}`)
    .join()
  const postgresUrl = (role: PostgresRole) => `postgres://${role}:${secrets.postgres[role]}@${hosts}/ticketflow`
  const mariadbUrl = (role: 'reader' | 'owner', node: string) => `mysql://${role}:${secrets.mariadb[role]}@${addressOf(node)}:3306/billing`
  const papers = components.filter(({ kind }) => kind === 'mariadb')
  const [reservationUrl] = urlsOf('reservation')
  return {
    instance,
    directory,
    url: publicUrl(instance),
    mailUrl: urlsOf('mail')[0]!,
    bankUrl: urlsOf('bank')[0]!,
    portalUrls: urlsOf('portal'),
    orchestratorUrls: urlsOf('orchestrator'),
    reservationUrls: urlsOf('reservation'),
    reservationUrl: reservationUrl!,
    failoverUrl: urlsOf('failover')[0]!,
    billingUrls: { primary: `http://${addressOf('billing-primary')}:3000`, replica: `http://${addressOf('billing-replica')}:3000` },
    issueUrls: urlsOf('issue'),
    operatorToken: secrets.operatorToken,
    postgresUrls: {
      owner: postgresUrl('owner'),
      control: postgresUrl('control'),
      selling: postgresUrl('selling'),
      purchase: postgresUrl('purchase'),
      relay: postgresUrl('relay'),
      catalogue: postgresUrl('catalogue')
    },
    mariadbUrls: {
      primary: mariadbUrl('reader', 'maria1'),
      replica: mariadbUrl('reader', 'maria2'),
      owner: mariadbUrl('owner', 'maria1'),
      nodes: `mysql://owner:${secrets.mariadb.owner}@${papers.map(({ address, port }) => `${address}:${port}`).join()}/billing`
    },
    mariadbAgents: papers.map(({ name, address, health }) => ({ name, url: `http://${address}:${(health as { port: number }).port}` })),
    brokerUrl: `amqp://ticketflow:${secrets.broker}@${addressOf('rabbitmq')}:5672`,
    tokens: secrets.tokens,
    bank: secrets.bank
  }
}

/** `npm run stop` of the first instance needs no number. */
export function flagOf(instance: number): string {
  return instance === SHOP_INSTANCE ? '' : ` -- --instance ${instance}`
}
