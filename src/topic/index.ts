export {
	filterMatches,
	hasWildcard,
	MAX_LEVELS,
	type ParsedFilter,
	parseFilter,
	topicFilterFault,
	topicNameFault,
} from "./filter.ts";
export { FilterTrie } from "./filter-trie.ts";
export { TopicTree } from "./topic-tree.ts";
