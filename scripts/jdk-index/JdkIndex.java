import java.io.IOException;
import java.io.PrintStream;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.GenericArrayType;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.lang.reflect.WildcardType;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Prints what the running JDK's public API declares, a type a line, as JSON arrays:
 *
 * <pre>[name, [type parameter…], [supertype…], {method: [[[param…], result, [exception…], flags]…]}, {field: type}]</pre>
 *
 * Parts at the end that are empty are left out; flags are `s` for static and `v` for variadic; a
 * constructor is called `<init>` and has the result ''. Members that a type inherits from one that is not
 * part of the index, such as a package-private superclass, are listed as its own.
 */
public class JdkIndex {
    /** Modules, each with the packages wanted of it; none: all it exports. */
    private static final Map<String, List<String>> MODULES = new LinkedHashMap<>();

    static {
        for (String module : List.of(
                "java.base", "java.compiler", "java.logging", "java.management", "java.naming", "java.net.http",
                "java.prefs", "java.rmi", "java.scripting", "java.security.jgss", "java.security.sasl", "java.sql",
                "java.sql.rowset", "java.transaction.xa", "java.xml", "jdk.httpserver", "jdk.jfr")) {
            MODULES.put(module, List.of());
        }
        MODULES.put("java.desktop", List.of(
                "java.beans", "javax.imageio", "javax.imageio.stream", "javax.imageio.spi", "javax.imageio.event",
                "javax.imageio.metadata", "javax.sound.sampled"));
    }

    private final Map<String, Class<?>> types = new TreeMap<>();

    public static void main(String[] args) throws Exception {
        JdkIndex index = new JdkIndex();
        for (String module : MODULES.keySet()) index.collect(module);
        PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
        out.print("{\"jdk\":" + Runtime.version().feature() + ",\"generator\":\"npm run generate:jdk\"}\n");
        for (Class<?> type : index.types.values()) out.print(index.describe(type) + "\n");
        out.flush();
    }

    private void collect(String moduleName) throws IOException, ClassNotFoundException {
        Module module = ModuleLayer.boot().findModule(moduleName).orElseThrow();
        Path root = FileSystems.getFileSystem(URI.create("jrt:/")).getPath("/modules", moduleName);
        List<String> names;
        try (Stream<Path> files = Files.walk(root)) {
            names = files.map(file -> root.relativize(file).toString())
                    .filter(file -> file.endsWith(".class") && !file.endsWith("-info.class"))
                    .map(file -> file.substring(0, file.length() - ".class".length()).replace('/', '.'))
                    .collect(Collectors.toList());
        }
        List<String> wanted = MODULES.get(moduleName);
        for (String name : names) {
            int dot = name.lastIndexOf('.');
            if (dot < 0) continue;
            String packageName = name.substring(0, dot);
            if (!module.isExported(packageName)) continue;
            if (!wanted.isEmpty() && !wanted.contains(packageName)) continue;
            Class<?> type = Class.forName(name, false, ClassLoader.getSystemClassLoader());
            if (isAccessible(type)) types.put(type.getCanonicalName(), type);
        }
    }

    private static boolean isAccessible(Class<?> type) {
        if (type.getCanonicalName() == null) return false;
        for (Class<?> around = type; around != null; around = around.getDeclaringClass()) {
            if ((around.getModifiers() & (Modifier.PUBLIC | Modifier.PROTECTED)) == 0) return false;
        }
        return true;
    }

    private String describe(Class<?> type) {
        List<String> parts = new ArrayList<>();
        parts.add(quote(type.getCanonicalName()));
        parts.add(list(Arrays.stream(type.getTypeParameters()).map(TypeVariable::getName)));
        parts.add(list(supertypes(type).stream()));
        parts.add(object(methods(type)));
        parts.add(object(fields(type)));
        while (parts.get(parts.size() - 1).length() == 2) parts.remove(parts.size() - 1);
        return "[" + String.join(",", parts) + "]";
    }

    private boolean isListed(Class<?> type) {
        return types.containsKey(String.valueOf(type.getCanonicalName()));
    }

    /** The superclass first; one that is not listed gives way to its own. */
    private Set<String> supertypes(Class<?> type) {
        Set<String> names = new LinkedHashSet<>();
        List<Type> direct = new ArrayList<>();
        if (type.getGenericSuperclass() != null) direct.add(type.getGenericSuperclass());
        direct.addAll(Arrays.asList(type.getGenericInterfaces()));
        for (Type supertype : direct) {
            Class<?> erased = erase(supertype);
            if (isListed(erased)) names.add(print(supertype));
            else names.addAll(supertypes(erased));
        }
        return names;
    }

    /** The type, and those above it that are not listed. */
    private List<Class<?>> declarers(Class<?> type) {
        List<Class<?>> found = new ArrayList<>(List.of(type));
        for (int i = 0; i < found.size(); i++) {
            List<Class<?>> direct = new ArrayList<>(Arrays.asList(found.get(i).getInterfaces()));
            if (found.get(i).getSuperclass() != null) direct.add(found.get(i).getSuperclass());
            for (Class<?> one : direct) if (!isListed(one) && !found.contains(one)) found.add(one);
        }
        return found;
    }

    private Map<String, String> methods(Class<?> type) {
        Map<String, TreeMap<String, String>> byName = new TreeMap<>();
        for (Constructor<?> constructor : type.getDeclaredConstructors()) add(byName, "<init>", "", constructor);
        for (Class<?> declarer : declarers(type)) {
            for (Method method : declarer.getDeclaredMethods()) {
                if (method.isBridge()) continue;
                add(byName, method.getName(), print(method.getGenericReturnType()), method);
            }
        }
        Map<String, String> described = new TreeMap<>();
        byName.forEach((name, overloads) -> described.put(name, "[" + String.join(",", overloads.values()) + "]"));
        return described;
    }

    private static void add(Map<String, TreeMap<String, String>> byName, String name, String result, Executable member) {
        if (member.isSynthetic()) return;
        if ((member.getModifiers() & (Modifier.PUBLIC | Modifier.PROTECTED)) == 0) return;
        String params = list(Arrays.stream(member.getParameterTypes()).map(Class::getCanonicalName));
        // Thrown type variables say nothing of themselves: `orElseThrow` throws what it is given.
        String exceptions = list(new TreeSet<>(Arrays.stream(member.getGenericExceptionTypes())
                .filter(exception -> exception instanceof Class)
                .map(JdkIndex::print)
                .collect(Collectors.toList())).stream());
        String flags = (Modifier.isStatic(member.getModifiers()) ? "s" : "") + (member.isVarArgs() ? "v" : "");
        String described = "[" + params + "," + quote(result);
        if (exceptions.length() > 2 || !flags.isEmpty()) described += "," + exceptions;
        if (!flags.isEmpty()) described += "," + quote(flags);
        // The first is nearest: an override hides what it overrides.
        byName.computeIfAbsent(name, key -> new TreeMap<>()).putIfAbsent(params, described + "]");
    }

    /** Those of primitive type cannot hold a resource. */
    private Map<String, String> fields(Class<?> type) {
        Map<String, String> described = new TreeMap<>();
        for (Class<?> declarer : declarers(type)) {
            for (Field field : declarer.getDeclaredFields()) {
                if (field.isSynthetic() || field.getType().isPrimitive() || field.getType() == String.class) continue;
                if ((field.getModifiers() & (Modifier.PUBLIC | Modifier.PROTECTED)) == 0) continue;
                described.putIfAbsent(field.getName(), quote(print(field.getGenericType())));
            }
        }
        return described;
    }

    private static Class<?> erase(Type type) {
        return type instanceof ParameterizedType ? (Class<?>) ((ParameterizedType) type).getRawType() : (Class<?>) type;
    }

    /** As a source would write it with all names qualified, without white space. */
    private static String print(Type type) {
        if (type instanceof Class) return ((Class<?>) type).getCanonicalName();
        if (type instanceof TypeVariable) return ((TypeVariable<?>) type).getName();
        if (type instanceof GenericArrayType) return print(((GenericArrayType) type).getGenericComponentType()) + "[]";
        if (type instanceof WildcardType) return printWildcard((WildcardType) type);
        ParameterizedType generic = (ParameterizedType) type;
        return print(generic.getRawType()) + Arrays.stream(generic.getActualTypeArguments())
                .map(JdkIndex::print)
                .collect(Collectors.joining(",", "<", ">"));
    }

    private static String printWildcard(WildcardType type) {
        if (type.getLowerBounds().length > 0) return "?super" + print(type.getLowerBounds()[0]);
        Type bound = type.getUpperBounds()[0];
        return bound == Object.class ? "?" : "?extends" + print(bound);
    }

    private static String list(Stream<String> items) {
        return items.map(JdkIndex::quote).collect(Collectors.joining(",", "[", "]"));
    }

    private static String object(Map<String, String> entries) {
        return entries.entrySet().stream()
                .map(entry -> quote(entry.getKey()) + ":" + entry.getValue())
                .collect(Collectors.joining(",", "{", "}"));
    }

    /** Names and types hold nothing that JSON would have escaped. */
    private static String quote(String text) {
        return '"' + text + '"';
    }
}
