package sluice.sockets.internal.nio;

import java.util.AbstractSet;
import java.util.Collection;
import java.util.Iterator;
import java.util.Set;

/** A view of a set from which can be removed, and to which nothing can be added. */
final class UngrowableSet<E> extends AbstractSet<E> {
    private final Set<E> of;

    UngrowableSet(Set<E> of) {
        this.of = of;
    }

    @Override
    public int size() {
        return of.size();
    }

    @Override
    public boolean contains(Object o) {
        return of.contains(o);
    }

    @Override
    public Iterator<E> iterator() {
        return of.iterator();
    }

    @Override
    public boolean remove(Object o) {
        return of.remove(o);
    }

    @Override
    public void clear() {
        of.clear();
    }

    @Override
    public boolean add(E e) {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean addAll(Collection<? extends E> all) {
        throw new UnsupportedOperationException();
    }
}
