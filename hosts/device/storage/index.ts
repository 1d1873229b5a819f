export { BudgetedStore, WRITES_AT_START, WRITES_PER_DAY, type WriteBudget } from "./budgeted-store.ts";
export { KeyValueStore } from "./key-value-store.ts";
