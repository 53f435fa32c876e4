import t from 'tap'
import { figuresIn, meansBetween } from './profile.ts'

t.test('a mean is of what was observed between two looks, over all processes', async (t) => {
  const before = figuresIn(
    'ticketflow_selling_batch_requests_sum{service="a"} 10\nticketflow_selling_batch_requests_count{service="a"} 5\n'
  )
  const after = figuresIn(
    [
      '# HELP ticketflow_selling_batch_requests how big',
      'ticketflow_selling_batch_requests_sum{service="a"} 40',
      'ticketflow_selling_batch_requests_count{service="a"} 6',
      'ticketflow_selling_batch_requests_sum{service="a"} 20',
      'ticketflow_selling_batch_requests_count{service="a"} 1',
      'ticketflow_selling_commit_seconds_sum 1.5e-2',
      'ticketflow_selling_commit_seconds_count 3',
      'ticketflow_selling_idle_seconds_sum 0',
      'ticketflow_selling_idle_seconds_count 0'
    ].join('\n')
  )

  t.same(meansBetween(before, after), { batch_requests: 25, commit_seconds: 0.005 })
})
