import { main } from '../core/index.js'
await main('plan-release')
