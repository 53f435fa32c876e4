import type { Action } from './failover-decision.ts'
import { isUp, type ModelNode, reignOfNode } from './given-election-node.ts'
import type { Product } from './given-election-product.ts'
import { characterOf, hasRow } from './given-election-wal.ts'

/** The row of the reign, as the node's agent writes it: `on conflict do nothing`. */
export function gated(node: ModelNode, action: Extract<Action, { order: 'gate' }>, { rules }: Product): ModelNode {
  const reign = reignOfNode(node)
  const may = isUp(node) && node.postgres === 'primary' && !hasRow(node.wal, action.epoch)
  if (!may || !rules.mayGate(node.remembered, node.name, action.epoch)) return node
  const row = characterOf({ is: 'row', by: node.name, reign, epoch: action.epoch, node: action.node })
  return { ...node, wal: node.wal + row }
}
