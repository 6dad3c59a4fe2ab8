package kotlin.coroutines;

/** What Kotlin's compiler adds to a suspend function; its own would do as well. */
public interface Continuation<T> {}
