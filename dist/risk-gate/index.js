import { main } from '../core/index.js'
await main('risk-gate')
