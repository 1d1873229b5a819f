// In the place of the SDK's module: no name is looked up here.
export default Object.freeze({ get: () => undefined });
