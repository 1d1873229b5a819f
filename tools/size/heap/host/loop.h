void runLoop(const volatile int* isOver);
