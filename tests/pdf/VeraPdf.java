import java.io.File;
import java.io.FileInputStream;
import java.io.InputStream;
import java.util.Map;
import java.util.TreeMap;
import java.util.logging.LogManager;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.PDFAParser;
import org.verapdf.pdfa.PDFAValidator;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;
import org.verapdf.pdfa.results.ValidationResult;

/**
 * Checks one PDF against profiles of veraPDF: VeraPdf FILE FLAVOUR... (for instance ua1 3a).
 *
 * Prints one line a failed rule: flavour, clause, test, number of failures and the first message, separated
 * by tabs; then "checked" with the number of checks of the flavour. Exit code 0 also when rules failed.
 */
public final class VeraPdf {
    private static final int LISTED_FAILURES = 10_000;

    public static void main(String[] arguments) throws Exception {
        LogManager.getLogManager().reset();
        VeraGreenfieldFoundryProvider.initialise();
        for (int i = 1; i < arguments.length; i++) {
            report(new File(arguments[0]), PDFAFlavour.fromString(arguments[i]));
        }
    }

    private static void report(File file, PDFAFlavour flavour) throws Exception {
        try (InputStream stream = new FileInputStream(file);
                PDFAParser parser = Foundries.defaultInstance().createParser(stream, flavour);
                PDFAValidator validator = Foundries.defaultInstance()
                        .createValidator(flavour, LISTED_FAILURES, false, true, false)) {
            ValidationResult result = validator.validate(parser);
            Map<String, Integer> failures = new TreeMap<>();
            Map<String, String> messages = new TreeMap<>();
            for (TestAssertion assertion : result.getTestAssertions()) {
                if (assertion.getStatus() == TestAssertion.Status.FAILED) {
                    String rule = assertion.getRuleId().getClause() + "\t" + assertion.getRuleId().getTestNumber();
                    failures.merge(rule, 1, Integer::sum);
                    messages.putIfAbsent(rule, oneLine(assertion));
                }
            }
            failures.forEach((rule, count) ->
                    System.out.println(flavour.getId() + "\t" + rule + "\t" + count + "\t" + messages.get(rule)));
            if (failures.isEmpty() != result.isCompliant()) {
                throw new IllegalStateException("the verdict and the failed rules disagree");
            }
            System.out.println(flavour.getId() + "\tchecked\t" + result.getTotalAssertions());
        }
    }

    private static String oneLine(TestAssertion assertion) {
        return (assertion.getMessage() + " @ " + assertion.getLocation().getContext()).replaceAll("\\s+", " ");
    }
}
