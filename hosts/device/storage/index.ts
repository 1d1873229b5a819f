export { BudgetedStore, WRITES_PER_DAY, type WriteBudget } from "./budgeted-store.ts";
export { KeyValueStore } from "./key-value-store.ts";
